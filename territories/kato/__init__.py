"""The state classifier of units (KATO): reading its files and its rules. No database in here."""
