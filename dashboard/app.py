"""The dashboard's door: ``sim dashboard``, or ``streamlit run dashboard/app.py``.

Worker processes import this file again under another name, hence the guard: there it must
do nothing, not even load Streamlit.
"""

if __name__ == "__main__":
    from dashboard.shell import show

    show()
