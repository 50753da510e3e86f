"""Pages of the law: what each act says, how unclear words are read, and the last lawful day of each step."""
