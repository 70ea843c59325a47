"""What the page Sweep stands on: a form that writes design files, and pictures of sweeps that are stored."""
