namespace StableDiffCoder.Lsp.Editing;

/// <summary>A suggestion in work.</summary>
/// <param name="Text">The new text.</param>
/// <param name="Absorbed">
/// How many characters behind the replaced span the text takes over as well: closing brackets and quotes that the editor had put there, and
/// that the text brings along.
/// </param>
/// <param name="CutShort">Whether the model ran out of tokens, so that the last line may be half a line.</param>
internal readonly record struct Draft(string Text, int Absorbed = 0, bool CutShort = false);
