namespace StableDiffCoder.Training.Data;

/// <summary>A row of training data.</summary>
/// <param name="Ids">Its ids, as many as the context is long.</param>
/// <param name="Eligible">Per id, whether it may be noised and counts for the loss; null when all do.</param>
public sealed record TrainingRow(int[] Ids, bool[]? Eligible = null)
{
    /// <summary>Tokens that count for the loss.</summary>
    public int EligibleCount => Eligible?.Count(counts => counts) ?? Ids.Length;

    /// <summary>Whether a token counts for the loss.</summary>
    public bool Counts(int position) => Eligible is null || Eligible[position];
}
