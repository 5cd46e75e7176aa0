namespace StableDiffCoder.Engine.Tokenization.Templates;

/// <summary>A piece of a template that prints or sets something in a scope.</summary>
internal delegate void TemplateStep(TemplateScope scope);

/// <summary>
/// Reads the part of Jinja that chat templates use for plain messages: text, expressions, <c>if</c>, <c>for</c>, <c>set</c>. What is not
/// supported is an error that names it, never wrong text.
/// </summary>
internal sealed class TemplateParser
{
    private readonly List<TemplatePart> parts;
    private int position;

    private TemplateParser(List<TemplatePart> parts) => this.parts = parts;

    /// <summary>Reads a template.</summary>
    /// <exception cref="TemplateException">It is damaged or uses what is not supported.</exception>
    public static TemplateStep Parse(string source)
    {
        var parser = new TemplateParser(TemplateLexer.Split(source));
        TemplateStep body = parser.Body();
        return parser.position == parser.parts.Count
            ? body
            : throw new TemplateException($"'{parser.parts[parser.position].Content}' closes nothing");
    }

    // Steps up to a statement that belongs to an outer one.
    private TemplateStep Body()
    {
        var steps = new List<TemplateStep>();
        while (position < parts.Count)
        {
            TemplatePart part = parts[position];
            if (part.Kind == TemplatePartKind.Statement && Word(part) is "elif" or "else" or "endif" or "endfor")
            {
                break;
            }
            position++;
            steps.Add(
                part.Kind switch
                {
                    TemplatePartKind.Text => Print(TemplateText.Own(part.Content)),
                    TemplatePartKind.Print => Print(Whole(part.Content)),
                    _ => Statement(part),
                }
            );
        }
        return scope => steps.ForEach(step => step(scope));
    }

    private TemplateStep Statement(TemplatePart part)
    {
        var tokens = new TemplateExpressionParser(part.Content);
        string word = tokens.Name();
        return word switch
        {
            "if" => If(tokens),
            "for" => For(tokens),
            "set" => Set(tokens),
            // Hugging Face's marks around what an assistant wrote; they print nothing.
            "generation" or "endgeneration" => static _ => { },
            _ => throw new TemplateException($"the statement '{word}' is not supported"),
        };
    }

    private TemplateStep If(TemplateExpressionParser tokens)
    {
        TemplateExpression condition = tokens.Expression();
        tokens.End();
        TemplateStep then = Body();
        TemplateStep otherwise = static _ => { };
        TemplatePart closing = Take("if");
        switch (Word(closing))
        {
            case "elif":
                var inner = new TemplateExpressionParser(closing.Content);
                inner.Take("elif");
                otherwise = If(inner);
                break;
            case "else":
                otherwise = Body();
                Close("endif");
                break;
            case "endif":
                break;
            default:
                throw new TemplateException($"'{closing.Content}' stands where an if is open");
        }
        return scope => (TemplateValue.IsTrue(condition(scope)) ? then : otherwise)(scope);
    }

    private TemplateStep For(TemplateExpressionParser tokens)
    {
        string name = tokens.Name();
        tokens.Take("in");
        TemplateExpression list = tokens.Expression();
        tokens.End();
        TemplateStep body = Body();
        Close("endfor");
        return scope =>
        {
            List<object?> items = TemplateValue.Items(list(scope));
            for (int i = 0; i < items.Count; i++)
            {
                var inner = new TemplateScope(scope) { [name] = items[i], ["loop"] = Loop(i, items) };
                body(inner);
            }
        };
    }

    private static Dictionary<string, object?> Loop(int index, List<object?> items) =>
        new(StringComparer.Ordinal)
        {
            ["index"] = index + 1L,
            ["index0"] = (long)index,
            ["first"] = index == 0,
            ["last"] = index == items.Count - 1,
            ["length"] = (long)items.Count,
            ["previtem"] = index == 0 ? TemplateValue.Undefined : items[index - 1],
            ["nextitem"] = index == items.Count - 1 ? TemplateValue.Undefined : items[index + 1],
        };

    private static TemplateStep Set(TemplateExpressionParser tokens)
    {
        string name = tokens.Name();
        string? member = tokens.TryTake(".") ? tokens.Name() : null;
        tokens.Take("=");
        TemplateExpression value = tokens.Expression();
        tokens.End();
        if (member is null)
        {
            return scope => scope[name] = value(scope);
        }
        return scope =>
        {
            var target =
                scope[name] as Dictionary<string, object?>
                ?? throw new TemplateException($"'{name}' has no members, and '{member}' is set");
            target[member] = value(scope);
        };
    }

    private static TemplateStep Print(TemplateText text) => scope => scope.Output.Add(text);

    private static TemplateStep Print(TemplateExpression expression) => scope => scope.Output.Add(TemplateValue.ToText(expression(scope)));

    private static TemplateExpression Whole(string content)
    {
        var tokens = new TemplateExpressionParser(content);
        TemplateExpression expression = tokens.Expression();
        tokens.End();
        return expression;
    }

    private TemplatePart Take(string open) =>
        position < parts.Count ? parts[position++] : throw new TemplateException($"an '{open}' is not closed");

    private void Close(string word)
    {
        TemplatePart closing = Take(word["end".Length..]);
        if (Word(closing) != word)
        {
            throw new TemplateException($"'{closing.Content}' stands where '{word}' is wanted");
        }
    }

    private static string Word(TemplatePart part)
    {
        int end = part.Content.AsSpan().IndexOfAnyExceptInRange('a', 'z');
        return end < 0 ? part.Content : part.Content[..end];
    }
}
