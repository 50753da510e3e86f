"""Pages of reminding: the ladder and the quiet hours, what was sent, one's own feed."""
