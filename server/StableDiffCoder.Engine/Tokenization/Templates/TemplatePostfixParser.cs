namespace StableDiffCoder.Engine.Tokenization.Templates;

/// <summary>Reads what stands behind a value: members, items, slices, calls, filters and tests.</summary>
internal sealed class TemplatePostfixParser(TemplateExpressionParser parser)
{
    /// <summary>Reads all of it.</summary>
    /// <param name="value">What it stands behind.</param>
    /// <exception cref="TemplateException">It uses what is not supported.</exception>
    public TemplateExpression Read(TemplateExpression value)
    {
        while (true)
        {
            if (parser.TryTake("."))
            {
                value = Member(value);
            }
            else if (parser.TryTake("["))
            {
                value = Item(value);
            }
            else if (parser.TryTake("|"))
            {
                value = Filter(value);
            }
            else if (parser.TryTake("is"))
            {
                value = Test(value);
            }
            else
            {
                return value;
            }
        }
    }

    private TemplateExpression Member(TemplateExpression value)
    {
        string name = parser.Name();
        if (!parser.Sees("("))
        {
            TemplateText key = TemplateText.Own(name);
            return scope => TemplateValue.Member(value(scope), key);
        }
        (List<TemplateExpression> arguments, _) = parser.Arguments();
        return scope => TemplateFunctions.Method(name, value(scope), [.. arguments.Select(argument => argument(scope))]);
    }

    private TemplateExpression Item(TemplateExpression value)
    {
        TemplateExpression? start = parser.Sees(":") ? null : parser.Expression();
        if (!parser.TryTake(":"))
        {
            parser.Take("]");
            return scope => TemplateValue.Member(value(scope), start!(scope));
        }
        TemplateExpression? end = parser.Sees("]") ? null : parser.Expression();
        parser.Take("]");
        return scope =>
        {
            List<object?> items = TemplateValue.Items(value(scope));
            int from = start is null ? 0 : Bound(TemplateValue.Number(start(scope)), items.Count);
            int to = end is null ? items.Count : Bound(TemplateValue.Number(end(scope)), items.Count);
            return items.GetRange(from, Math.Max(0, to - from));
        };
    }

    private TemplateExpression Filter(TemplateExpression value)
    {
        string name = parser.Name();
        List<TemplateExpression> arguments = parser.Sees("(") ? parser.Arguments().Arguments : [];
        return scope => TemplateFunctions.Filter(name, value(scope), [.. arguments.Select(argument => argument(scope))]);
    }

    private TemplateExpression Test(TemplateExpression value)
    {
        bool negated = parser.TryTake("not");
        string name = parser.Name();
        return scope => TemplateFunctions.Test(name, value(scope)) != negated;
    }

    private static int Bound(long index, int count) => (int)Math.Clamp(index < 0 ? count + index : index, 0, count);
}
