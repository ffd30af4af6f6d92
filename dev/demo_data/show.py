"""What the demonstration shows on the terminal and writes as PDF files."""


def show(env, folder):
    """Print a table of what today's run did and write PDFs into ``folder``. A placeholder."""
