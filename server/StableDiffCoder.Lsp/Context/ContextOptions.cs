namespace StableDiffCoder.Lsp.Context;

/// <summary>What the model is shown of other files. The one source of these defaults.</summary>
public sealed record ContextOptions
{
    /// <value>Whether it is shown pieces of other files: open documents, places of recent work, signatures of the workspace's C# types. Default true.</value>
    public bool Enabled { get; init; } = true;

    /// <value>
    /// Most tokens of such pieces, 16 to 8192. They get what the document itself leaves of the model's window; of a document that leaves nothing
    /// an eighth. Default 256.
    /// </value>
    public int Tokens { get; init; } = 256;

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        if (Tokens is < 16 or > 8192)
        {
            throw new ArgumentException($"tokens is {Tokens}; use 16 to 8192, or turn enabled off");
        }
    }
}
