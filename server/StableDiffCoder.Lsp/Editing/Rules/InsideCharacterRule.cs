namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>Nothing is put into the middle of a character, of a \r\n, or before a byte order mark.</summary>
internal sealed class InsideCharacterRule : IPlaceRule
{
    /// <inheritdoc />
    public string Name => "InsideCharacter";

    /// <inheritdoc />
    public string? Refuse(EditContext context) =>
        IsInside(context.Text, context.Replaced.Start) || IsInside(context.Text, context.Replaced.End)
            ? "the place is inside a character, a line break, or before a byte order mark"
            : null;

    private static bool IsInside(string text, int offset)
    {
        if (offset >= text.Length)
        {
            return false;
        }
        return offset == 0
            ? text[0] == '\uFEFF'
            : char.IsSurrogatePair(text[offset - 1], text[offset]) || (text[offset - 1] == '\r' && text[offset] == '\n');
    }
}
