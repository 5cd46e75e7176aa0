using System.Buffers;
using StableDiffCoder.Lsp.Editing.Rules;

namespace StableDiffCoder.Lsp.Editing;

/// <summary>
/// Closing signs that the editor put behind the cursor by itself, and that the text brings along: instead of being doubled they become part of
/// the replaced range. <c>foo(|)</c> and <c>a, b);</c> make <c>foo(a, b);</c>.
/// </summary>
internal static class Absorption
{
    private static readonly SearchValues<char> Signs = SearchValues.Create(")]}\"'`;,");

    /// <summary>Whether the rest of a line is nothing but closing signs.</summary>
    public static bool IsClosing(ReadOnlySpan<char> rest) => rest.Trim().IndexOfAnyExcept(Signs) < 0;

    /// <summary>How many characters right behind the draft's range the text brings along from an offset of it on.</summary>
    /// <returns>0 when other code follows on the line: then the text ends at that offset instead.</returns>
    public static int Length(EditContext context, Draft draft, int offset)
    {
        int lineBreak = draft.Text.AsSpan().IndexOfAny('\r', '\n');
        ReadOnlySpan<char> line = draft.Text.AsSpan(0, lineBreak < 0 ? draft.Text.Length : lineBreak);
        ReadOnlySpan<char> rest = context.LineSuffix.AsSpan(draft.Absorbed).TrimEnd();
        bool same = offset < line.Length && !rest.IsEmpty && rest[0] == line[offset] && IsClosing(rest);
        return same && KeepsReplacedTextRule.IsSubword(rest, line[offset..]) ? rest.Length : 0;
    }
}
