"""Grade what arrives in a folder, and put feedback into another one."""
