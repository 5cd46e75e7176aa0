using StableDiffCoder.Training.Tokens;

namespace StableDiffCoder.Training.Data;

/// <summary>The documents of several token shards, laid end to end.</summary>
public sealed class TokenSource : ITokenSource
{
    private readonly IReadOnlyList<TokenShard> shards;
    private readonly long[] ends; // tokens up to and with each shard

    /// <summary>Joins shards.</summary>
    /// <param name="shards">At least one of them with a token.</param>
    public TokenSource(IReadOnlyList<TokenShard> shards)
    {
        this.shards = shards = [.. shards.Where(shard => shard.Tokens.Length > 0)];
        long total = 0;
        ends = [.. shards.Select(shard => total += shard.Tokens.Length)];
        TokenCount = total;
    }

    /// <inheritdoc/>
    public long TokenCount { get; }

    /// <summary>Reads shards into memory.</summary>
    /// <exception cref="InvalidDataException">One is not a token shard, or all are empty.</exception>
    public static TokenSource Open(IReadOnlyList<string> paths)
    {
        var source = new TokenSource([.. paths.Select(TokenShard.Open)]);
        return source.TokenCount > 0
            ? source
            : throw new InvalidDataException($"{string.Join(", ", paths)}: no tokens; write the shards again.");
    }

    /// <inheritdoc/>
    public ReadOnlySpan<ushort> DocumentAt(long token)
    {
        int shard = Array.BinarySearch(ends, token);
        // A hit means that the token is the first of the next shard; a miss gives the complement of the first greater end.
        shard = shard >= 0 ? shard + 1 : ~shard;
        TokenShard found = shards[shard];
        long within = token - (shard == 0 ? 0 : ends[shard - 1]);
        return found.Tokens[found.Document(found.DocumentOf(within))];
    }
}
