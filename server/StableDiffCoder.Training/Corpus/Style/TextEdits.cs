using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace StableDiffCoder.Training.Corpus.Style;

/// <summary>Replacements in one text. One that overlaps an earlier one of the same rule is left out.</summary>
internal sealed class TextEdits
{
    private readonly List<(TextSpan Span, string Text)> edits = [];

    public bool IsEmpty => edits.Count == 0;

    public void Replace(TextSpan span, string text) => edits.Add((span, text));

    public void Delete(int start, int end) => edits.Add((TextSpan.FromBounds(start, end), ""));

    public string Apply(string text)
    {
        var result = new StringBuilder(text.Length);
        int position = 0;
        foreach ((TextSpan span, string replacement) in edits.OrderBy(edit => edit.Span.Start).ThenBy(edit => edit.Span.End))
        {
            if (span.Start < position)
            {
                continue;
            }
            result.Append(text, position, span.Start - position).Append(replacement);
            position = span.End;
        }
        return result.Append(text, position, text.Length - position).ToString();
    }
}
