namespace SmaKom.Mailer.Tests.Issues.Compose.Editor;

/// <summary>Texts by hand: each names something that one of the two readers of Markdown once read in its own way.</summary>
internal static class MarkdownCorpus
{
    /// <summary>The letter shows the same before and after the editor.</summary>
    public static readonly string[] Same =
    [
        "", "ett", "ett\ntvå", "ett  \ntvå", "ett\\\ntvå", "ett\n\ntvå", "# ett", "###### sex", "### ett ###", "## \\# två", "#hash", "\\# ett",
        "**fet** och *kursiv*", "__fet__ och _kursiv_", "a**b**c", "a*b*c", "**a**b", "a**b**", "**fet.** Och", "**fet**. Och", "**(fet)** och",
        "”**fet**”", "*a* **b** *c*", "**a** *b* **c**", "*a* och*b*", "**a b** c", "**ett\ntvå**", "**ett\\\ntvå**", "* a", "2*3*4", "a * b * c",
        "\\*ej\\*", "**", "****", "* * *", "---", "***", "___", "_ _ _", "ett\n---", "ett\n***", "ett\n___", "___\nett", "***\nett", "---\nett",
        "ett\n- - -", "- - -", "---\n\nett", "- ett\n\n---", "> ---", "===", "ett\n===", "-- ett", "[x](https://example.org)",
        "[x](<https://example.org/a(b>)", "[x](https://example.org/a(b))", "[x](https://example.org \"t\")", "[**x**](https://example.org)",
        "**[x](https://example.org)**", "[x](https://example.org)[y](https://example.org/y)", "a[x](https://example.org)b",
        "[x](mailto:a@example.org)", "[x](tel:+46999123)", "[x](javascript:alert(1))", "[x](/relativ)", "[x](//example.org)",
        "[x](ftp://example.org)", "[x](HTTPS://EXAMPLE.ORG)", "[x]", "[x]()", "[x][y]\n\n[y]: https://example.org",
        "[y]\n\n[y]: <https://example.org>", "[x][y]\n\n[y]: javascript:alert(1)", "[x][Y]\n\n[y]: https://example.org\n[y]: https://b.example",
        "![alt](https://example.org/x.png)", "!\\[x](https://example.org)", "![](https://example.org/x.png) ord", "\\![x](https://example.org)",
        "[a\\]b](https://example.org)", "- a\n- b", "* a\n* b", "+ a\n+ b", "1. a\n2. b", "1) a\n2) b", "4. a\n5. b", "0. a", "- a\n\n- b",
        "- a\n\n  b", "- a\n  - b\n    - c", "- a\n\n  - b\n- c", "1. a\n   - b\n2. c", "- a\n  1. b", "- a\n\n  4. b", "- a\n  > b",
        "- a\n\n  > b\n\n  c", "- # a\n- b", "- # a\n  b", "- > a\n- b", "- - a", "- 1. a\n  2. b", "-a", "1.a", "ett\n- två", "ett\n1. två",
        "ett\n4. två", "ett\n# två", "ett\n> två", "- a\n\nb", "1. a\n\nb", "- a\n# b", "- a\nb", "> a\nb", "> a\n>\n> b", "> a\n\n> b",
        "> - a\n> - b", "> > a", "> # a\n> b", "> a\n- b", "1. a\n\n- b\n\n1. c", "10. a\n11. b", "999999999. a", "2026\\. ett", "2026. ett",
        "1\\. ett", "1\\) ett", "\\- ett", "\\+ ett", "\\> ett", "&amp;", "&lt;b&gt;", "&copy;", "\\&copy;", "&amp;copy;", "&copy", "R&D", "&#65;",
        "&#x41;", "&aring;", "&okänd;", "<b>x</b>", "<!-- x -->", "<https://example.org>", "<div>\nx\n</div>", "`kod`", "``` ", "```\nkod\n```",
        "~~~\nkod\n~~~", "a\\`b", "~~struket~~", "a | b\n--- | ---\n1 | 2", "https://example.org/a_b_c", "a_b_c", "_a_b", "a\\_b", "C:\\temp\\x",
        "\\\\", "\\a", "10\u00a0000\u00a0kr", "\u00a0ett", "ett\u00a0", "**\u00a0ett**", "ett\u2028två", "\u200bett", "😀", "**😀**", "a **😀** b",
        "👩‍👩‍👧", "**å**", "e\u0301**e\u0301**", "5 € **6 €**", "ett  två", "ett\ttvå", "  ett", "   ett", "    ett", "\tett", "ett   ",
        "ett\n  två", "ett\n    två", "\n\nett\n\n\n\ntvå\n", "ett\r\ntvå", "ett\r\n\r\ntvå", "a\\\n- b", "a\\\n1. b", "a\\\n# b", "a\\\n> b",
        "a\\\n---", "**a**\\\n*b*", "a\\", "a  ", "!", "![", "[", "]", "[]", "()", "[a](b", "[a] (https://example.org)", "[a]: b",
        "[a]: https://example.org", "\\[a]: b", "ett [a]: b", "\0", "a\0b", "“", "‘a’", "’", "—", "…", "·", "• ett", "– ett", "§ 1",
        "[x](www.example.org/a)", "[x](example.org)", "[x](a@example.org)", "[x](https://example.org/min fil.pdf)",
        "[x](<https://example.org/min fil.pdf>)", "[x](min fil.pdf)", "[x](fil.pdf)", "[x](tel:+46 70 123 45 67)", "[x](0999-123 45)", "[x](2026-11-30)",
        "[x](mailto:a@example.org?subject=ett två)", "\\[x](https://example.org/a b)", "[x] (https://example.org)", "www.example.org", "**www.example.org.**",
        "a@example.org, b@example.org", "(https://example.org/a_(b))", "https://example.org/_a_/*b*c", "<https://example.org/a>", "<a@example.org>",
        "<https://example.org>.", "https://example.org/?a=1&amp;b=2&copy=3", "[https://example.org](https://b.example)", "xhttps://example.org",
        "![https://example.org](https://example.org/x.png)", "[ www.example.org", "5*3*2", "5\\*3*2", "**5**3", "5**3**2", "*5*3 och 2*1*", "t.ex. fil.pdf",
        "Filen:https://example.org", "[1]: https://example.org/a_b_c\n\n[x][1]", "tel:0999-12345", "mailto:a@example.org",
        "(1) ett", "> a\n---", "- a\n---", "> a\n> ---", "- a\n  ---", "- a\n\n  ---", "a) ett", "i. ett",
    ];

    /// <summary>What the editor makes one of: the text before, the text after.</summary>
    public static readonly (string Before, string After)[] Settled =
    [
        ("***ett***", "**ett**"), ("**ett *två* tre**", "**ett** *två* **tre**"), ("- a\n\n* b", "- a\n- b"), ("1. a\n\n1) b", "1. a\n2. b"),
        ("- a\n-\n- b", "- a\n- b"), ("# a", "### a"), ("* a\n* b", "- a\n- b"), ("1) a", "1. a"), ("ett\ntvå", "ett två"),
        ("ett  \ntvå", "ett\\\ntvå"), ("__a__ _b_", "**a** *b*"), ("[x](/relativ)", "[x](/relativ)"),
        ("www.example.org", "[www.example.org](https://www.example.org)"), ("[x](https://example.org/min fil.pdf)", "[x](https://example.org/min%20fil.pdf)"),
        ("5*3*2", "5\\*3\\*2"), ("<https://example.org>", "[https://example.org](https://example.org)"), ("[x]()", "x"),
        ("[x](https://example.org \"t\")", "[x](https://example.org)"), ("<b>x</b>", "<b>x</b>"), ("&copy;", "©"),
        ("![alt](https://example.org/x.png)", "alt"), ("\\\nett", "ett"), ("mjuk\u00adt", "mjukt"), ("\ufeffett", "ett"), ("#", ""), ("-", ""),
        ("1.", ""), (">", ""), ("# \n\nett", "ett"), ("> a\n>\n> \n", "> a"), ("[x][y]\n\n[y]: https://example.org", "[x](https://example.org)"),
        ("---", "\\---"), ("R&D &amp;", "R&D &"), ("`kod`", "`kod`"), ("ett\n\n\n\ntvå\n", "ett\n\ntvå"),
    ];
}
