namespace StableDiffCoder.Engine.Tokenization.Templates;

/// <summary>A string of a template in which each part knows whether a user wrote it: only the template's own parts may hold control tokens.</summary>
internal sealed class TemplateText
{
    private TemplateText(IReadOnlyList<ChatPiece> parts) => Parts = parts;

    /// <summary>Nothing.</summary>
    public static TemplateText Empty { get; } = new([]);

    /// <summary>The parts in order, none empty.</summary>
    public IReadOnlyList<ChatPiece> Parts { get; }

    /// <summary>All parts together.</summary>
    public override string ToString() => string.Concat(Parts.Select(part => part.Text));

    /// <summary>Text of the template.</summary>
    public static TemplateText Own(string text) => Of(text, isControl: true);

    /// <summary>Text of a message.</summary>
    public static TemplateText Users(string text) => Of(text, isControl: false);

    /// <summary>One behind the other.</summary>
    public static TemplateText Concat(IEnumerable<TemplateText> texts) => new([.. texts.SelectMany(text => text.Parts)]);

    /// <summary>Without white space at the ends.</summary>
    public TemplateText Trim(bool start, bool end)
    {
        var parts = Parts.ToList();
        while (start && parts.Count > 0)
        {
            string kept = parts[0].Text.TrimStart();
            parts[0] = parts[0] with { Text = kept };
            if (kept.Length > 0)
            {
                break;
            }
            parts.RemoveAt(0);
        }
        while (end && parts.Count > 0)
        {
            string kept = parts[^1].Text.TrimEnd();
            parts[^1] = parts[^1] with { Text = kept };
            if (kept.Length > 0)
            {
                break;
            }
            parts.RemoveAt(parts.Count - 1);
        }
        return new TemplateText(parts);
    }

    private static TemplateText Of(string text, bool isControl) => text.Length == 0 ? Empty : new([new ChatPiece(text, isControl)]);
}
