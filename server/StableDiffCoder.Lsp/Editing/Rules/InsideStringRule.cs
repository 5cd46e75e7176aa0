namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>Nothing is suggested inside strings unless asked for; the code in their holes is code.</summary>
internal sealed class InsideStringRule : IPlaceRule
{
    /// <inheritdoc />
    public string Name => "InsideString";

    /// <inheritdoc />
    public string? Refuse(EditContext context) =>
        !context.Options.InStrings && context.Surroundings.Before.IsString ? "the cursor is inside a string" : null;
}
