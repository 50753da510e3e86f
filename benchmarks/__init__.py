"""Figures, never tests: each script measures ours and a peer side by side in one run and prints ratios."""
