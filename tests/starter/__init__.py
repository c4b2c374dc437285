"""The starter set: which published machines it holds, and how their documents are made from the publications."""
