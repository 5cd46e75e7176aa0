using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>What is replaced is on the cursor's line, and the cursor in it: no editor shows anything else as ghost text.</summary>
internal sealed class OneLineRangeRule : IPlaceRule
{
    /// <inheritdoc />
    public string Name => "OneLineRange";

    /// <inheritdoc />
    public string? Refuse(EditContext context)
    {
        TextSpan replaced = context.Replaced;
        if (context.Text.AsSpan(replaced.Start, replaced.Length).ContainsAny('\r', '\n'))
        {
            return "the replaced range has more than one line";
        }
        return context.Cursor < replaced.Start || context.Cursor > replaced.End ? "the cursor is outside the replaced range" : null;
    }
}
