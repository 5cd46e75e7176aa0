using System.Globalization;

namespace StableDiffCoder.Engine.Tokenization.Templates;

/// <summary>An expression of a template: gives its value in a scope.</summary>
internal delegate object? TemplateExpression(TemplateScope scope);

/// <summary>Reads expressions, in Jinja's order of precedence.</summary>
internal sealed class TemplateExpressionParser(string text)
{
    private readonly List<TemplateToken> tokens = TemplateTokens.Read(text);
    private int position;

    private TemplateToken Next => position < tokens.Count ? tokens[position] : new TemplateToken(TemplateTokenKind.End, "");

    /// <summary>Whether all is read.</summary>
    public bool IsAtEnd => position >= tokens.Count;

    /// <summary>Reads a word or a symbol if it comes next.</summary>
    public bool TryTake(string word)
    {
        bool found = Sees(word);
        position += found ? 1 : 0;
        return found;
    }

    /// <summary>Reads a word or a symbol.</summary>
    /// <exception cref="TemplateException">Something else comes next.</exception>
    public void Take(string word)
    {
        if (!TryTake(word))
        {
            throw Unexpected($"'{word}'");
        }
    }

    /// <summary>Reads a name.</summary>
    /// <exception cref="TemplateException">Something else comes next.</exception>
    public string Name() => Next.Kind == TemplateTokenKind.Name ? tokens[position++].Text : throw Unexpected("a name");

    /// <summary>Refuses what is left.</summary>
    /// <exception cref="TemplateException">Something is.</exception>
    public void End()
    {
        if (!IsAtEnd)
        {
            throw Unexpected("the end");
        }
    }

    /// <summary>Reads an expression.</summary>
    /// <exception cref="TemplateException">There is none, or it uses what is not supported.</exception>
    public TemplateExpression Expression()
    {
        TemplateExpression value = Or();
        while (TryTake("if"))
        {
            TemplateExpression then = value;
            TemplateExpression condition = Or();
            TemplateExpression otherwise = TryTake("else") ? Expression() : static _ => TemplateValue.Undefined;
            value = scope => TemplateValue.IsTrue(condition(scope)) ? then(scope) : otherwise(scope);
        }
        return value;
    }

    private TemplateExpression Or()
    {
        TemplateExpression left = And();
        while (TryTake("or"))
        {
            (TemplateExpression a, TemplateExpression b) = (left, And());
            left = scope => a(scope) is var value && TemplateValue.IsTrue(value) ? value : b(scope);
        }
        return left;
    }

    private TemplateExpression And()
    {
        TemplateExpression left = Not();
        while (TryTake("and"))
        {
            (TemplateExpression a, TemplateExpression b) = (left, Not());
            left = scope => a(scope) is var value && TemplateValue.IsTrue(value) ? b(scope) : value;
        }
        return left;
    }

    private TemplateExpression Not()
    {
        if (!TryTake("not"))
        {
            return Comparison();
        }
        TemplateExpression negated = Not();
        return scope => !TemplateValue.IsTrue(negated(scope));
    }

    private TemplateExpression Comparison()
    {
        TemplateExpression left = Sum();
        while (true)
        {
            bool negated = Next.Text == "not" && position + 1 < tokens.Count && tokens[position + 1].Text == "in" && TryTake("not");
            string? symbol = Array.Find((string[])["==", "!=", "<=", ">=", "<", ">", "in"], TryTake);
            if (symbol is null)
            {
                return left;
            }
            (TemplateExpression a, TemplateExpression b) = (left, Sum());
            left = scope => Compare(symbol, a(scope), b(scope)) != negated;
        }
    }

    private static bool Compare(string symbol, object? left, object? right) =>
        symbol switch
        {
            "==" => TemplateValue.Equals(left, right),
            "!=" => !TemplateValue.Equals(left, right),
            "in" when right is TemplateText text => text.ToString()
                .Contains(TemplateValue.ToText(left).ToString(), StringComparison.Ordinal),
            "in" when right is Dictionary<string, object?> entries => entries.ContainsKey(TemplateValue.ToText(left).ToString()),
            "in" => TemplateValue.Items(right).Exists(item => TemplateValue.Equals(left, item)),
            "<" => TemplateValue.Number(left) < TemplateValue.Number(right),
            ">" => TemplateValue.Number(left) > TemplateValue.Number(right),
            "<=" => TemplateValue.Number(left) <= TemplateValue.Number(right),
            _ => TemplateValue.Number(left) >= TemplateValue.Number(right),
        };

    private TemplateExpression Sum()
    {
        TemplateExpression left = Product();
        while (Array.Find((string[])["+", "-", "~"], TryTake) is { } symbol)
        {
            (TemplateExpression a, TemplateExpression b) = (left, Product());
            left = scope => Add(symbol, a(scope), b(scope));
        }
        return left;
    }

    private static object Add(string symbol, object? left, object? right) =>
        symbol == "~" ? TemplateText.Concat([TemplateValue.ToText(left), TemplateValue.ToText(right)])
        : symbol == "-" ? TemplateValue.Number(left) - TemplateValue.Number(right)
        : (left, right) switch
        {
            (TemplateText a, TemplateText b) => TemplateText.Concat([a, b]),
            (List<object?> a, List<object?> b) => new List<object?>([.. a, .. b]),
            _ => TemplateValue.Number(left) + TemplateValue.Number(right),
        };

    private TemplateExpression Product()
    {
        TemplateExpression left = Unary();
        while (Array.Find((string[])["*", "//", "%"], TryTake) is { } symbol)
        {
            (TemplateExpression a, TemplateExpression b) = (left, Unary());
            left = scope => Multiply(symbol, TemplateValue.Number(a(scope)), TemplateValue.Number(b(scope)));
        }
        return left;
    }

    private static long Multiply(string symbol, long left, long right) =>
        symbol == "*" ? left * right
        : right == 0 ? throw new TemplateException("it divides by 0")
        : symbol == "%" ? ((left % right) + right) % right
        : (long)Math.Floor((double)left / right);

    private TemplateExpression Unary()
    {
        if (TryTake("-"))
        {
            TemplateExpression negated = Unary();
            return scope => -TemplateValue.Number(negated(scope));
        }
        return new TemplatePostfixParser(this).Read(Primary());
    }

    private TemplateExpression Primary()
    {
        TemplateToken token = Next;
        position++;
        switch (token.Kind)
        {
            case TemplateTokenKind.String:
                TemplateText literal = TemplateText.Own(token.Text);
                return _ => literal;
            case TemplateTokenKind.Number:
                object number = long.TryParse(token.Text, CultureInfo.InvariantCulture, out long parsed)
                    ? parsed
                    : throw Unexpected("a smaller number");
                return _ => number;
            case TemplateTokenKind.Name when Constant(token.Text, out object? constant):
                return _ => constant;
            case TemplateTokenKind.Name when Next.Text != "(":
                return scope => scope[token.Text];
            case TemplateTokenKind.Name:
                (List<TemplateExpression> arguments, Dictionary<string, TemplateExpression> named) = Arguments();
                return scope =>
                    TemplateFunctions.Function(
                        token.Text,
                        [.. arguments.Select(argument => argument(scope))],
                        named.ToDictionary(entry => entry.Key, entry => entry.Value(scope))
                    );
            case TemplateTokenKind.Symbol when token.Text == "(":
                TemplateExpression inner = Expression();
                Take(")");
                return inner;
            case TemplateTokenKind.Symbol when token.Text == "[":
                List<TemplateExpression> items = ListUntil("]");
                return scope => new List<object?>(items.Select(item => item(scope)));
            default:
                position--;
                throw Unexpected("a value");
        }
    }

    private static bool Constant(string name, out object? value)
    {
        value =
            name is "true" or "True" ? true
            : name is "false" or "False" ? false
            : null;
        return value is not null || name is "none" or "None";
    }

    /// <summary>Reads the arguments of a call, brackets included.</summary>
    public (List<TemplateExpression> Arguments, Dictionary<string, TemplateExpression> Named) Arguments()
    {
        Take("(");
        var arguments = new List<TemplateExpression>();
        var named = new Dictionary<string, TemplateExpression>(StringComparer.Ordinal);
        while (!TryTake(")"))
        {
            if (Next.Kind == TemplateTokenKind.Name && position + 1 < tokens.Count && tokens[position + 1].Text == "=")
            {
                string name = Name();
                Take("=");
                named[name] = Expression();
            }
            else
            {
                arguments.Add(Expression());
            }
            if (!TryTake(",") && Next.Text != ")")
            {
                throw Unexpected("',' or ')'");
            }
        }
        return (arguments, named);
    }

    private List<TemplateExpression> ListUntil(string close)
    {
        var items = new List<TemplateExpression>();
        while (!TryTake(close))
        {
            items.Add(Expression());
            if (!TryTake(",") && Next.Text != close)
            {
                throw Unexpected($"',' or '{close}'");
            }
        }
        return items;
    }

    /// <summary>What comes next is not what is wanted.</summary>
    public TemplateException Unexpected(string wanted) =>
        new($"'{text}' is not understood: {wanted} is wanted where {(IsAtEnd ? "it ends" : $"'{Next.Text}' stands")}");

    /// <summary>Whether a word or symbol comes next.</summary>
    public bool Sees(string word) => Next.Kind is TemplateTokenKind.Name or TemplateTokenKind.Symbol && Next.Text == word;
}
