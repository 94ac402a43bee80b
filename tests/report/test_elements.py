"""Elements of HTML."""

from unstuck.report.elements import element, escaped, paragraph


def test_elements():
    assert element("b") == "<b></b>"
    assert element("td", "<i>a</i>", "b", colspan="2", style="") == '<td colspan="2"><i>a</i>b</td>'
    assert element("svg", aria_label="a < 'b'") == '<svg aria-label="a &lt; &#x27;b&#x27;"></svg>'
    assert paragraph("a", style="color:red") == '<p style="margin:.5em 0;color:red">a</p>'


def test_text():
    assert escaped("<script>'\"&") == "&lt;script&gt;&#x27;&quot;&amp;"
