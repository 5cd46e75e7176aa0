namespace StableDiffCoder.Training.Data;

/// <summary>Tokenized documents, laid end to end.</summary>
public interface ITokenSource
{
    /// <summary>Tokens of all documents.</summary>
    long TokenCount { get; }

    /// <summary>The document that holds a token.</summary>
    /// <param name="token">Index of a token, from 0 to <see cref="TokenCount"/> − 1.</param>
    /// <returns>The document's ids.</returns>
    ReadOnlySpan<ushort> DocumentAt(long token);
}
