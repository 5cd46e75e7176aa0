using StableDiffCoder.Engine.Tests.Infilling;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tests.Tokenization;

public sealed class ChatTemplateTests : IDisposable
{
    private const string Bos = "<[begin▁of▁sentence]>";
    private const string Eos = "<[end▁of▁sentence]>";

    private readonly InfillCheckpoint checkpoint = new();
    private readonly HuggingFaceTokenizer tokenizer;

    public ChatTemplateTests() => tokenizer = HuggingFaceTokenizer.Load(checkpoint.FilePath("tokenizer.json"));

    public void Dispose() => checkpoint.Dispose();

    private static ChatMessage User(string text) => new("user", text);

    private string Render(string template, params ChatMessage[] messages) =>
        string.Concat(ChatTemplate.Parse(template, tokenizer).Render(messages).Select(piece => piece.Text));

    [Fact]
    public void Render_SeedCoder_IsThePublishedFormat()
    {
        Assert.Equal($"{Bos}user\nhi{Eos}{Bos}assistant\n", Render(ChatTemplate.SeedCoder, User("hi")));
        Assert.Equal(
            $"{Bos}system\nBe brief.\n\n{Eos}{Bos}user\nhi{Eos}{Bos}assistant\n",
            Render(ChatTemplate.SeedCoder, new ChatMessage("system", "Be brief."), User("hi"))
        );
    }

    [Theory]
    // A default system message, set and tested as published templates do.
    [InlineData(
        """
            {% if messages[0]['role'] == 'system' %}{% set sys = messages[0]['content'] %}{% set rest = messages[1:] %}{% else %}{% set sys = 'Default.' %}{% set rest = messages %}{% endif %}
            {{ bos_token }}{{ sys | trim }}{% for m in rest %}[{{ loop.index0 }}{{ m.role }}] {{ m.content.strip() }}{% endfor %}
            """,
        "<[begin▁of▁sentence]>Default.[0user] hi"
    )]
    [InlineData(
        "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' + '\\n' }}{% endfor %}",
        "<|im_start|>user\n  hi <|im_end|>\n"
    )]
    [InlineData(
        "{% if not add_generation_prompt is defined %}no{% elif add_generation_prompt and messages|length > 0 %}yes{% else %}else{% endif %}",
        "yes"
    )]
    [InlineData("{% set ns = namespace(n=1) %}{% for m in messages + messages %}{% set ns.n = ns.n * 2 %}{% endfor %}{{ ns.n }}", "4")]
    [InlineData("a {%- if true %} b {% endif -%} c", "a b c")]
    [InlineData("x\n  {% if tools is defined %}\ntools\n  {% endif %}\ny", "x\ny")]
    [InlineData("{# a comment #}{{ 'user' in ['user', 'tool'] }} {{ \"a\" ~ 1 }} {{ 'x' if tools else 'z' }}", "True a1 z")]
    [InlineData("{% for m in messages %}{% set inner = 1 %}{% endfor %}{{ inner is defined }}", "False")]
    [InlineData("{{ messages[-1]['role'] == 'user' and messages[0].content != '' }}", "True")]
    [InlineData("{{ 'it\\'s' }} {{ '{%' }} {{ '}}' }}", "it's {% }}")]
    public void Render_JinjaOfPublishedTemplates_AsJinjaDoes(string template, string expected)
    {
        Assert.Equal(expected, Render(template, User("  hi ")));
    }

    [Theory]
    [InlineData("{% macro m() %}{% endmacro %}", "macro")]
    [InlineData("{{ messages | tojson }}", "tojson")]
    [InlineData("{{ strftime_now('%Y') }}", "strftime_now")]
    [InlineData("{{ raise_exception('only tools') }}", "only tools")]
    [InlineData("{% if true %}x", "not closed")]
    [InlineData("x{% endfor %}", "closes nothing")]
    [InlineData("{{ 'x }}", "not closed")]
    [InlineData("{{ a b }}", "'b'")]
    [InlineData("{{ messages }}", "a list")]
    [InlineData("{% for m in messages %}{% endif %}", "endif")]
    public void Render_WhatIsNotSupported_IsNamed(string template, string named)
    {
        ModelLoadException error = Assert.Throws<ModelLoadException>(() => Render(template, User("hi")));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_SeedCoder_HasControlTokensOnlyWhereTheTemplateWroteThem()
    {
        int[] ids = ChatTemplate.Parse(ChatTemplate.SeedCoder, tokenizer).Encode([User($"a{Eos}<[MASK_TOKEN]>")]);
        int[] text = tokenizer.Encode($"user\na{Eos}<[MASK_TOKEN]>", AddedTokenParsing.None);
        Assert.Equal([0, .. text, InfillCheckpoint.Eos, 0, .. tokenizer.Encode("assistant\n", AddedTokenParsing.None)], ids);
    }

    [Fact]
    public void Encode_TokensThatMessagesAndTemplateShare_EqualTheWholeTextsEncoding()
    {
        // "in" + "t" merge over the border of what the template and the user wrote, as they do in the whole rendered text.
        int[] ids = ChatTemplate.Parse("{{ eos_token + 'in' + messages[0].content }}", tokenizer).Encode([User("t x")]);
        Assert.Equal(tokenizer.Encode($"{Eos}int x", AddedTokenParsing.All), ids);
    }

    [Fact]
    public void Load_FolderWithoutTemplate_IsNull() => Assert.Null(ChatTemplate.Load(checkpoint.Path, tokenizer));

    [Theory]
    [InlineData("""{"chat_template":"{{ bos_token }}!","bos_token":{"content":"<B>"}}""", null, "<B>!")]
    [InlineData("""{"chat_template":[{"name":"tool_use","template":"t"},{"name":"default","template":"d"}]}""", null, "d")]
    [InlineData("""{"chat_template":"config","eos_token":"<E>"}""", "{{ eos_token }}\n", "<E>")]
    public void Load_Folder_PrefersTheTemplateFile(string config, string? file, string expected)
    {
        File.WriteAllText(checkpoint.FilePath("tokenizer_config.json"), config);
        if (file is not null)
        {
            File.WriteAllText(checkpoint.FilePath("chat_template.jinja"), file);
        }
        ChatTemplate template = ChatTemplate.Load(checkpoint.Path, tokenizer)!;
        Assert.Equal(expected, string.Concat(template.Render([User("x")]).Select(piece => piece.Text)));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{")]
    public void Load_DamagedConfig_NamesTheFile(string config)
    {
        File.WriteAllText(checkpoint.FilePath("tokenizer_config.json"), config);
        ModelLoadException error = Assert.Throws<ModelLoadException>(() => ChatTemplate.Load(checkpoint.Path, tokenizer));
        Assert.Contains("tokenizer_config.json", error.Message, StringComparison.Ordinal);
    }
}
