"""The pages; not in a folder called `pages`, which Streamlit would offer file by file itself."""
