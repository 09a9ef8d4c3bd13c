import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.fetch.readable import readable

URL = "https://zapier.com/app/pricing"


def test_reads_a_page_as_a_person_would() -> None:
    page = """
    <!doctype html><html lang="en"><head>
      <title>Plans &amp; pricing</title><meta name="description" content="From &quot;free&quot; up">
      <meta name=robots content=noindex><link rel="canonical" href="/pricing"><style>p { color: red }</style>
      <script>document.write("<p>no</p>")</script><script type="application/ld+json">{"@type": "Product"}</script>
    </head><body><!-- not shown --><nav><a href="#top">Top</a> <a href="/blog"><img src=x></a></nav>
      <h1>Plans</h1><p>Free   is <b>$0</b>.<br>Pro is&nbsp;$20, <a href="pro?x=1&amp;y=2">see <i>all</i></a>.</p>
      <ul><li>One<li>Two</ul><table><tr><th>Plan<th>Price</tr><tr><td>Pro<td>$20</tr></table>
      <img src=y alt="A chart"><a href="javascript:alert(1)">Click</a><noscript>Turn it on</noscript>
    </body></html>"""

    assert readable(page, URL).split("\n\n") == [
        "Language: en",
        "Plans & pricing",
        'Description: From "free" up',
        "Robots: noindex",
        "Canonical: https://zapier.com/pricing",
        'Structured data: {"@type": "Product"}',
        "Top",
        "# Plans",
        "Free is $0.\nPro is $20, see all (https://zapier.com/app/pro?x=1&y=2).",
        "- One\n- Two",
        "| Plan | Price\n| Pro | $20",
        "![A chart]Click",
    ]


@pytest.mark.timeout(20)  # a cost that grows with the square of the length would take hours
@pytest.mark.parametrize(
    "piece",
    [
        *("<", "<a", "<!--", '<a href="', "<a href='x", "<script", "<script>", "<style>", "&#", "<a a=", "<!"),
        *("</", "<p>", "<a href=x>", "<a href=x>y", "<td>", "\n # \n", "[](", "- \n", "<a b=\"'", "<h1>"),
        "&#" + "9" * 5000,
    ],
)
def test_hostile_markup_costs_no_more_than_any_other(piece: str) -> None:
    readable(piece * (500_000 // len(piece)), URL)


@given(st.text(alphabet="<>/!-'\"=aphrefscipt &#;123\n"))
def test_reads_whatever_there_is(markup: str) -> None:
    assert "<script" not in readable(markup, URL)
