using CsCheck;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Engine.Tests.Infilling;

/// <summary>Random documents and spans, rich in what breaks: surrogates (paired and not), CR LF, combining marks, control-token spellings.</summary>
internal static class InfillSamples
{
    private static readonly string[] Pieces =
    [
        "int x = 0;",
        "return",
        "    ",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "😀",
        "\ud83d",
        "\ude00",
        "é",
        "e\u0301",
        "日本",
        "\0",
        "▒",
        "{",
        "}",
        "()",
        "<[MASK_TOKEN]>",
        "<[fim-middle]>",
        "<[end▁of▁sentence]>",
        "<[fim-suffix]>",
    ];

    /// <summary>Documents of up to 60 pieces; the empty one too.</summary>
    public static readonly Gen<string> Texts = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 60].Select(string.Concat);

    /// <summary>One to three valid spans of a document.</summary>
    public static readonly Gen<InfillRequest> Requests =
        from text in Texts
        from ends in Gen.Int[0, text.Length].Array[2, 6]
        select new InfillRequest { Text = text, Spans = Pair(ends) };

    private static List<TextSpan> Pair(int[] ends)
    {
        Array.Sort(ends);
        var spans = new List<TextSpan>();
        for (int i = 0; i + 1 < ends.Length; i += 2)
        {
            var span = new TextSpan(ends[i], ends[i + 1] - ends[i]);
            if (spans.Count == 0 || span != spans[^1])
            {
                spans.Add(span);
            }
        }
        return spans;
    }

    /// <summary>The document after the edits of a result.</summary>
    public static string Apply(string text, IReadOnlyList<InfilledSpan> fills)
    {
        foreach (InfilledSpan fill in fills.Reverse())
        {
            text = text[..fill.Span.Start] + fill.Text + text[fill.Span.End..];
        }
        return text;
    }
}
