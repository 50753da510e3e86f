"""Pages of the door of Excel and CSV."""
