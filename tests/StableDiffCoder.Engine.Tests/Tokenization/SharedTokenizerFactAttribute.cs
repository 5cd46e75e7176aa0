namespace StableDiffCoder.Engine.Tests.Tokenization;

/// <summary>A test that needs the published tokenizer, which is not part of the repository; skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedTokenizerFactAttribute : FactAttribute
{
    public SharedTokenizerFactAttribute()
    {
        if (!SharedTokenizer.IsPresent)
        {
            Skip = $"needs Stable-DiffCoder-8B's tokenizer: put stable-diffcoder-8b.tokenizer.json.br into {SharedTokenizer.Folder}";
        }
    }
}
