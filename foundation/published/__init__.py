"""What everybody may read: absolute addresses, data for machines, and answers that caches may keep."""
