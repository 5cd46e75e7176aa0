namespace StableDiffCoder.Training.Data;

/// <summary>A sample: part of a row.</summary>
/// <param name="Ids">Its ids.</param>
/// <param name="Eligible">As in <see cref="TrainingRow"/>; null when all count.</param>
public sealed record TrainingSample(IReadOnlyList<int> Ids, IReadOnlyList<bool>? Eligible = null);

/// <summary>How a piece of a document with a hole in it is laid out.</summary>
public interface ISampleLayout
{
    /// <summary>Makes a sample.</summary>
    /// <param name="tokens">Consecutive tokens of one document; fewer than <paramref name="room"/> when the document ends with them.</param>
    /// <param name="room">Tokens that the sample should take at most.</param>
    /// <param name="random">Decides everything about it.</param>
    TrainingSample Lay(ReadOnlySpan<ushort> tokens, int room, SampleRandom random);
}
