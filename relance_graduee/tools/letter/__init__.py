"""A letter as pages: text measured, blocks filled, tables cut, the PDF read and split."""
