"""Exports: a summary asked for by a post, written at once or by a worker, kept thirty days, told in the journal."""
