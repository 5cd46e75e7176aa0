namespace StableDiffCoder.Engine.Runtime;

/// <summary>Settings of a <see cref="PrefixCache"/>.</summary>
public sealed record PrefixCacheOptions
{
    /// <value>Memory for keys and values kept between requests, beside those of the request at work. Default 512 MiB.</value>
    public long BudgetBytes { get; init; } = 512L << 20;

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        if (BudgetBytes < 0)
        {
            throw new ArgumentException($"the prefix cache's budget is {BudgetBytes} bytes; use 0 or more");
        }
    }
}

/// <summary>What a <see cref="PrefixCache"/> has done so far.</summary>
public sealed record PrefixCacheStatistics
{
    /// <value>Prompts looked up.</value>
    public long Requests { get; init; }

    /// <value>Of these, those of which at least one block was there.</value>
    public long Hits { get; init; }

    /// <value>Tokens of all prompts.</value>
    public long PromptTokens { get; init; }

    /// <value>Of these, those whose keys and values were there.</value>
    public long ReusedTokens { get; init; }

    /// <value>Tokens held now.</value>
    public long HeldTokens { get; init; }

    /// <value>Memory of these.</value>
    public long HeldBytes { get; init; }

    /// <value>Tokens dropped to keep the budget.</value>
    public long EvictedTokens { get; init; }
}
