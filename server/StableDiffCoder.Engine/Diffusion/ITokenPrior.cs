namespace StableDiffCoder.Engine.Diffusion;

/// <summary>
/// A second opinion about the token that follows known text. It is mixed into the model's distribution at places behind which all is known
/// to the left: p = (1 − w) · p_model + w · (1 − p_model(eos)) · p_prior, and p(eos) = p_model(eos), since a text does not know where a hole ends.
/// </summary>
public interface ITokenPrior
{
    /// <summary>What is expected behind the new tokens so far.</summary>
    /// <param name="newIds">The new tokens before the place, none masked; empty for the first one.</param>
    /// <returns>Null when it has no opinion.</returns>
    TokenShare? Next(IReadOnlyList<int> newIds);
}

/// <summary>A prior's part in a distribution.</summary>
/// <param name="Weight">w, from 0 to below 1.</param>
/// <param name="Probabilities">Probability by id; they sum to 1.</param>
public sealed record TokenShare(double Weight, IReadOnlyDictionary<int, double> Probabilities);
