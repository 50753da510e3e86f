"""Door 1: the staff pages of the calendar and their htmx pieces."""
