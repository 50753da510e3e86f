"""Summaries of a year: what they hold is told once, and written as a workbook, CSV, JSON, Word, PDF or ZIP."""
