using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Lsp.Editing;

/// <summary>Why nothing is suggested.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Reason">In words, without source text.</param>
internal sealed record Silence(string Rule, string Reason);

/// <summary>What became of a model's text: an edit, or silence.</summary>
internal sealed record EditOutcome
{
    /// <value>What <see cref="NewText"/> replaces: the context's span, and perhaps closing signs right behind it.</value>
    public required TextSpan Range { get; init; }

    /// <value>The new text; empty when silent.</value>
    public required string NewText { get; init; }

    /// <value>Why nothing is suggested; null when something is.</value>
    public Silence? Silence { get; init; }

    /// <value>Names of the rules that changed the text or silenced it, in the order in which they first did.</value>
    public IReadOnlyList<string> Fired { get; init; } = [];

    /// <summary>The text after the edit; the text itself when silent.</summary>
    public string ApplyTo(string text) =>
        Silence is null ? string.Concat(text.AsSpan(0, Range.Start), NewText, text.AsSpan(Range.End)) : text;
}
