"""Speed as ratios, ours beside a floor measured in the same run; nothing here decides whether a test passes."""
