namespace StableDiffCoder.Engine.Infilling;

/// <summary>A token that the model chose for a span.</summary>
/// <param name="Id">Its id in the model's vocabulary.</param>
/// <param name="Confidence">Its softmax probability when it was revealed; 1 where it was given.</param>
/// <param name="End">Offset in the span's text at which it ends.</param>
public readonly record struct TokenChoice(int Id, double Confidence, int End);

/// <summary>
/// Asks for another text than an earlier one: it begins with the earlier one's first tokens, and goes on otherwise. Only what stands behind
/// them is denoised. A plain record: it survives a JSON round trip.
/// </summary>
public sealed record InfillBranch
{
    /// <value>The tokens that are kept; none starts from the beginning. They count as new tokens and need no forward of their own.</value>
    public required IReadOnlyList<TokenChoice> Kept { get; init; }

    /// <value>Ids that may not come next: at least one. The end-of-sentence token is one like any other.</value>
    public required IReadOnlyList<int> Forbidden { get; init; }

    /// <summary>Throws when nothing could come of it.</summary>
    /// <param name="maxNewTokens">The request's budget.</param>
    /// <exception cref="ArgumentException">Names the member, and what is allowed.</exception>
    public void Validate(int maxNewTokens)
    {
        if (Kept.Count >= maxNewTokens)
        {
            throw new ArgumentException($"branch.kept has {Kept.Count} tokens; keep fewer than maxNewTokens, {maxNewTokens}");
        }
        if (Forbidden.Count == 0)
        {
            throw new ArgumentException("branch.forbidden is empty; name the token that stood there, or leave branch out");
        }
    }

    /// <summary>Throws when an id is none that this model could have chosen.</summary>
    internal void Validate(LoadedModel model)
    {
        int vocabulary = model.Config.VocabSize;
        foreach (int id in Kept.Select(choice => choice.Id).Concat(Forbidden))
        {
            if (id < 0 || id >= vocabulary)
            {
                throw new ArgumentException($"branch has the id {id}; the model's ids go from 0 to {vocabulary - 1}");
            }
        }
        if (Kept.Any(choice => choice.Id == model.SpecialIds.Eos || model.SpecialIds.Forbidden.Contains(choice.Id)))
        {
            throw new ArgumentException("branch.kept has a token that ends or masks a text; keep only tokens before it");
        }
    }
}
