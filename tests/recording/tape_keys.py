"""A key that no account has."""

KEY = "c29tZSBrZXkgdGhhdCBub2JvZHkgZWxzZSBoYXMsIGxvbmcgZW5vdWdoIGZvciBhbiBhY2NvdW50"
