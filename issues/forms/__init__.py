"""Raw input to clean values, file by noun; nothing is saved here."""
