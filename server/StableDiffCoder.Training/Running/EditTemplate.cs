using System.Text;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Training.Running;

/// <summary>The chat template of a run with an sft stage: that of the folder it starts from, else Seed-Coder's format.</summary>
internal static class EditTemplate
{
    /// <summary>Reads it.</summary>
    /// <exception cref="Engine.Weights.ModelLoadException">The folder's template cannot be used.</exception>
    public static ChatTemplate Of(TrainingConfig config, HuggingFaceTokenizer tokenizer) =>
        (config.InitFrom is null ? null : ChatTemplate.Load(config.InitFrom, tokenizer))
        ?? ChatTemplate.Parse(ChatTemplate.SeedCoder, tokenizer);

    /// <summary>Puts it into the trained model's folder.</summary>
    public static void Write(string folder, TrainingConfig config)
    {
        bool copied = false;
        foreach (string name in (string[])[ChatTemplate.FileName, ChatTemplate.ConfigFileName])
        {
            string target = Path.Combine(folder, name);
            if (config.InitFrom is not null && File.Exists(Path.Combine(config.InitFrom, name)))
            {
                File.Copy(Path.Combine(config.InitFrom, name), target, overwrite: true);
                copied = true;
            }
        }
        var tokenizer = HuggingFaceTokenizer.Load(config.Tokenizer);
        if (!copied || ChatTemplate.Load(folder, tokenizer) is null)
        {
            File.WriteAllText(Path.Combine(folder, ChatTemplate.FileName), ChatTemplate.SeedCoder + "\n", new UTF8Encoding(false));
        }
    }
}
