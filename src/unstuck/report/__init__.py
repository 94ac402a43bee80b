"""How a diagnosis is shown: one view model, in the terminal (``terminal.show``) and as HTML (``html.to_html``)."""
