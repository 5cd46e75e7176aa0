using System.Text;
using StableDiffCoder.Engine.Tokenization.Templates;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>
/// The chat template of a model folder: turns messages into the prompt that the checkpoint was trained on. Control tokens come from the
/// template alone; what a message says is encoded as text, whatever it spells. Thread-safe.
/// </summary>
public sealed class ChatTemplate
{
    /// <summary>The file that holds a template of its own; it goes before tokenizer_config.json.</summary>
    public const string FileName = "chat_template.jinja";

    /// <summary>Holds the template as "chat_template" in older folders, and the texts of bos and eos.</summary>
    public const string ConfigFileName = "tokenizer_config.json";

    /// <summary>
    /// Seed-Coder's format as a template:
    /// <c>{bos}system\n{system}\n\n{eos}{bos}user\n{message}{eos}{bos}assistant\n</c>, without a system message of its own. For checkpoints
    /// that this project trains.
    /// </summary>
    public const string SeedCoder = """
        {%- for message in messages -%}
            {{- bos_token + message['role'] + '\n' + message['content'] -}}
            {%- if message['role'] == 'system' -%}{{- '\n\n' -}}{%- endif -%}
            {{- eos_token -}}
        {%- endfor -%}
        {%- if add_generation_prompt -%}{{- bos_token + 'assistant\n' -}}{%- endif -%}
        """;

    private const int LongestTemplate = 1 << 20;

    private readonly string path;
    private readonly TemplateStep template;
    private readonly HuggingFaceTokenizer tokenizer;
    private readonly TemplateText bos;
    private readonly TemplateText eos;

    private ChatTemplate(string path, string source, HuggingFaceTokenizer tokenizer, string? bos, string? eos)
    {
        this.path = path;
        this.tokenizer = tokenizer;
        this.bos = TemplateText.Own(bos ?? ContentOf(tokenizer.Special.Bos));
        this.eos = TemplateText.Own(eos ?? ContentOf(tokenizer.Special.Eos));
        template = Guarded(() =>
            source.Length > LongestTemplate ? throw new TemplateException("it is longer than 1 MB") : TemplateParser.Parse(source)
        );
    }

    /// <summary>Reads a folder's template.</summary>
    /// <param name="modelDirectory">A model folder.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <returns>The template; null when the folder has none.</returns>
    /// <exception cref="ModelLoadException">A file is damaged, or the template uses what is not supported; the message names it.</exception>
    public static ChatTemplate? Load(string modelDirectory, HuggingFaceTokenizer tokenizer)
    {
        string configPath = Path.Combine(modelDirectory, ConfigFileName);
        string templatePath = Path.Combine(modelDirectory, FileName);
        ChatTemplateConfig config = ChatTemplateConfig.Read(configPath);
        if (File.Exists(templatePath))
        {
            return new ChatTemplate(templatePath, ReadText(templatePath), tokenizer, config.Bos, config.Eos);
        }
        return config.Template is null ? null : new ChatTemplate(configPath, config.Template, tokenizer, config.Bos, config.Eos);
    }

    /// <summary>Reads a template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="tokenizer">Names the control tokens.</param>
    /// <exception cref="ModelLoadException">The template uses what is not supported; the message names it.</exception>
    public static ChatTemplate Parse(string source, HuggingFaceTokenizer tokenizer) =>
        new("the chat template", source, tokenizer, null, null);

    /// <summary>Renders a conversation up to where the assistant begins to write.</summary>
    /// <param name="messages">In order.</param>
    /// <exception cref="ModelLoadException">The template refuses these messages or uses what is not supported.</exception>
    public IReadOnlyList<ChatPiece> Render(IReadOnlyList<ChatMessage> messages) =>
        Guarded(() =>
        {
            var scope = new TemplateScope(null)
            {
                ["messages"] = messages.Select(ToValue).ToList(),
                ["bos_token"] = bos,
                ["eos_token"] = eos,
                ["add_generation_prompt"] = true,
            };
            template(scope);
            return TemplateText.Concat(scope.Output).Parts;
        });

    /// <summary>Ids of a conversation up to where the assistant begins to write.</summary>
    /// <param name="messages">In order.</param>
    /// <exception cref="ModelLoadException">The template refuses these messages or uses what is not supported.</exception>
    public int[] Encode(IReadOnlyList<ChatMessage> messages)
    {
        var ids = new List<int>();
        // Text between two control tokens is encoded in one run, as Hugging Face does, whoever wrote it.
        var run = new StringBuilder();
        void EndRun()
        {
            ids.AddRange(tokenizer.Encode(run.ToString(), AddedTokenParsing.None));
            run.Clear();
        }
        foreach (ChatPiece piece in Render(messages))
        {
            foreach ((string text, int? id) in piece.IsControl ? tokenizer.CutAddedTokens(piece.Text) : [(piece.Text, null)])
            {
                if (id is int token)
                {
                    EndRun();
                    ids.Add(token);
                }
                else
                {
                    run.Append(text);
                }
            }
        }
        EndRun();
        return [.. ids];
    }

    private static object? ToValue(ChatMessage message) =>
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["role"] = TemplateText.Own(message.Role),
            ["content"] = TemplateText.Users(message.Content),
        };

    private string ContentOf(int? id) => id is int token ? tokenizer.Decode([token]) : "";

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(path, $"{path} cannot be read: {error.Message}", error);
        }
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (TemplateException error)
        {
            throw new ModelLoadException(
                path,
                $"{path}: the chat template cannot be used: {error.Message}. Take the file from the model's publisher again, or put a plain template into {FileName}.",
                error
            );
        }
    }
}
