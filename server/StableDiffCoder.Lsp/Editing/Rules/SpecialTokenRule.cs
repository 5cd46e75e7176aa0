using System.Text.RegularExpressions;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>A text ends before anything that is spelled like a model's special token: behind it the model writes another text.</summary>
internal sealed partial class SpecialTokenRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "SpecialToken";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        Match found = SpecialToken().Match(draft.Text);
        return RuleOutcome.Keep(found.Success ? draft with { Text = draft.Text[..found.Index] } : draft);
    }

    /// <summary>
    /// <c>&lt;[fim-suffix]&gt;</c>, <c>&lt;[begin▁of▁sentence]&gt;</c>, <c>&lt;[MASK_TOKEN]&gt;</c>, <c>&lt;|endoftext|&gt;</c>,
    /// <c>&lt;fim_middle&gt;</c>; but not TypeScript's <c>Map&lt;[string, number]&gt;</c>.
    /// </summary>
    [GeneratedRegex(
        @"<\[(fim-[a-z]+|[^\s\[\]<>]*(▁|_TOKEN|_never_used_)[^\s\[\]<>]*)\]>|<\|[A-Za-z_▁]+\|>|<fim_(prefix|suffix|middle|pad)>"
    )]
    public static partial Regex SpecialToken();
}
