"""The steps by which an archive of any age is led to today's tables."""
