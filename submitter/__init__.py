"""The client: sends a report to a service. Standard library only, Python 3.9 and later.

It sends documents that ``hwdb convert`` or another tool made. Reading the machine it runs on comes next.
"""
