"""What pages are made of; only here and in pages is Streamlit spoken to."""
