using System.Text.RegularExpressions;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>Line breaks are those of the file.</summary>
internal sealed partial class LineBreakRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "LineBreak";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft) =>
        RuleOutcome.Keep(draft.Text.AsSpan().ContainsAny('\r', '\n') ? draft with { Text = Replace(context, draft.Text) } : draft);

    private static string Replace(EditContext context, string text) => Break().Replace(text, context.Style.NewLine);

    [GeneratedRegex(@"\r\n|\r|\n")]
    private static partial Regex Break();
}
