"""Developer tooling of relance_graduee; ``python3 -m dev help`` lists the commands."""
