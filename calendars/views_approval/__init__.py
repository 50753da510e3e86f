"""Staff pages of approval, notice and submission, and the maslikhat's page behind the link in its letter."""
