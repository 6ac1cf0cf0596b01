"""The LEDES workbench: files read, examined, mended, converted and compared."""
