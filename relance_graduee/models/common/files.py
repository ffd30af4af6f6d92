"""The content of files."""


def get_content(file):
    """The bytes of an attachment, or False.

    A client that reads a form asks for sizes instead (``bin_size`` in the context), and what is
    computed for it would take "1.4 Mb" for the document.
    """
    return file.with_context(bin_size=False, bin_size_raw=False).raw
