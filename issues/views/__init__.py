"""Door 1: the staff pages of this room, file by noun."""
