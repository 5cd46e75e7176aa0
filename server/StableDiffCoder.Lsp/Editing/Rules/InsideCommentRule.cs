namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>Nothing is suggested inside comments unless asked for.</summary>
internal sealed class InsideCommentRule : IPlaceRule
{
    /// <inheritdoc />
    public string Name => "InsideComment";

    /// <inheritdoc />
    public string? Refuse(EditContext context) =>
        !context.Options.InComments && context.Surroundings.Before.IsComment ? "the cursor is inside a comment" : null;
}
